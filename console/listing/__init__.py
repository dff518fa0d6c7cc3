"""案件清单: filters that live in the address, search, and paging that stays fast at a million cases."""
