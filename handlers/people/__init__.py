"""人员: who speaks, by which accounts, bound by which codes; who is away and who administers them."""
