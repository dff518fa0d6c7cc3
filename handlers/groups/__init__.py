"""群聊: what was said in a group, wherever it was heard, on its way to becoming reports."""
