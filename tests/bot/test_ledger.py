"""The ledger (账目): what may be said to whom, how it is spent, and how WeChat corrects it."""
