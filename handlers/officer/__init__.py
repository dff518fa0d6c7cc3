"""经办人: what somebody who acts for a unit may say."""
