"""Meaning (业务处理): one message in, one change out."""
