"""WeChat's API (微信接口), path by path. Every call passes the gate first."""
