"""督导考核: events → items → indicators → scores → three rankings. Rebuildable to the last digit."""
