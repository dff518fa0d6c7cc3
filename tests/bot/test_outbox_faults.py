"""The outbox (发件箱) against WeChat on a bad day: every refusal, outage and broken account."""
