"""The auditor (对账): every finding can be produced, and a clean case produces none."""
