"""WeCom (企业微信): one self-built app for each corp, with its own numbers, limits and pushes."""
