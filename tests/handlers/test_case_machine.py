"""A case's whole life (工单全程) in any order Hypothesis thinks of, with what must stay true after every step."""
