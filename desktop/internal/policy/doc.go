// Package policy reads what the administrator of a PC has set for Hi_Msg: /etc/himsg/policy.toml on Linux, the registry
// key HKLM\Software\Policies\Hi_Msg on Windows, nothing elsewhere. main.go hands the result to core; begin at Load.
//
// What is read is hostile until checked: it is bounded, every value is looked at by itself, and what can't be used is a
// fault that the log and the diagnosis name. The app starts in any case, with what is good.
//
// Only an administrator can write there, and no environment variable leads elsewhere: users can't leave a policy.
package policy
