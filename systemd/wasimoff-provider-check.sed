# Makes wasimoff-provider-check.service of wasimoff-provider.service, so that the check sees what the provider sees: the
# same user, settings, sandbox, limits, and refusal beside a job record. Without the agent's permit, which is for lending;
# with BindsTo=, so that the agent takes it for a stray and stops it when a job comes.
/^#/d
/^ConditionPathExists=\/run\/hookagent\/permit\//d
s/^Description=.*/Description=Check of what the Wasimoff provider needs, in the provider's sandbox/
s/^Type=exec$/Type=oneshot\nTimeoutStartSec=50s/
s/^ExecStart=.*/& --check/
