"""Each benchmark runs, in a form so small that its figures mean nothing."""
