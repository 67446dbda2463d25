UPDATE Component SET Condition='SERVER_URL' WHERE Component='PolicyServer'
UPDATE Component SET Condition='CA_FILE' WHERE Component='PolicyCA'
UPDATE Component SET Condition='RING' WHERE Component='PolicyRing'
UPDATE Component SET Condition='AUTOSTART="1"' WHERE Component='AutostartOn'
UPDATE Component SET Condition='AUTOSTART="0"' WHERE Component='AutostartOff'
UPDATE Component SET Attributes=324 WHERE Component='PolicyServer'
UPDATE Component SET Attributes=324 WHERE Component='PolicyCA'
UPDATE Component SET Attributes=324 WHERE Component='PolicyRing'
UPDATE Component SET Attributes=324 WHERE Component='AutostartOn'
UPDATE Component SET Attributes=324 WHERE Component='AutostartOff'
UPDATE Property SET Value='WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;SERVER_URL;CA_FILE;AUTOSTART;RING;OLD_SERVER_URL;OLD_CA_FILE;OLD_AUTOSTART;OLD_RING' WHERE Property='SecureCustomProperties'
UPDATE CustomAction SET Type=51 WHERE Type=2099
INSERT INTO InstallExecuteSequence (Action, Condition, Sequence) VALUES ('Keep_server_url', 'OLD_SERVER_URL AND NOT SERVER_URL', 711)
INSERT INTO InstallExecuteSequence (Action, Condition, Sequence) VALUES ('Keep_ca_file', 'OLD_CA_FILE AND NOT CA_FILE', 712)
INSERT INTO InstallExecuteSequence (Action, Condition, Sequence) VALUES ('Keep_autostart', 'OLD_AUTOSTART AND NOT AUTOSTART', 713)
INSERT INTO InstallExecuteSequence (Action, Condition, Sequence) VALUES ('Keep_ring', 'OLD_RING AND NOT RING', 714)
UPDATE InstallExecuteSequence SET Sequence=1501 WHERE Action='RemoveExistingProducts'
