"""人员与单位: who is in office where, and how they can be reached, as far as the visitor may see."""
