"""创城指挥部: the command centre in the browser. It acts through the same verbs as the chat."""
