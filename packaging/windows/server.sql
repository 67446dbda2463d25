UPDATE Component SET Attributes=400 WHERE Component='Settings'
CREATE TABLE MsiServiceConfig (MsiServiceConfig CHAR(72) NOT NULL, Name CHAR(255) NOT NULL LOCALIZABLE, Event SHORT NOT NULL, ConfigType INT NOT NULL, Argument CHAR(0), Component_ CHAR(72) NOT NULL PRIMARY KEY MsiServiceConfig)
INSERT INTO MsiServiceConfig (MsiServiceConfig, Name, Event, ConfigType, Argument, Component_) VALUES ('OwnSid', 'himsg-server', 1, 5, '1', 'Server')
INSERT INTO MsiServiceConfig (MsiServiceConfig, Name, Event, ConfigType, Argument, Component_) VALUES ('Delayed', 'himsg-server', 1, 3, '1', 'Server')
CREATE TABLE MsiServiceConfigFailureActions (MsiServiceConfigFailureActions CHAR(72) NOT NULL, Name CHAR(255) NOT NULL LOCALIZABLE, Event SHORT NOT NULL, ResetPeriod LONG, RebootMessage CHAR(255) LOCALIZABLE, Command CHAR(255) LOCALIZABLE, Actions CHAR(0), DelayActions CHAR(0), Component_ CHAR(72) NOT NULL PRIMARY KEY MsiServiceConfigFailureActions)
INSERT INTO MsiServiceConfigFailureActions (MsiServiceConfigFailureActions, Name, Event, ResetPeriod, Actions, DelayActions, Component_) VALUES ('Again', 'himsg-server', 1, 86400, '1[~]1[~]1', '5000[~]30000[~]60000', 'Server')
CREATE TABLE MsiLockPermissionsEx (MsiLockPermissionsEx CHAR(72) NOT NULL, LockObject CHAR(72) NOT NULL, `Table` CHAR(32) NOT NULL, SDDLText CHAR(0) NOT NULL, Condition CHAR(255) PRIMARY KEY MsiLockPermissionsEx)
INSERT INTO MsiLockPermissionsEx (MsiLockPermissionsEx, LockObject, `Table`, SDDLText) VALUES ('Data', 'DATADIR', 'CreateFolder', 'D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;S-1-5-80-2514640243-1500162981-3747273401-399518530-625466516)')
INSERT INTO InstallExecuteSequence (Action, Sequence) VALUES ('MsiConfigureServices', 5850)
UPDATE InstallExecuteSequence SET Sequence=1501 WHERE Action='RemoveExistingProducts'
UPDATE Registry SET Value='#%%SystemRoot%\System32\EventCreate.exe' WHERE Name='EventMessageFile'
