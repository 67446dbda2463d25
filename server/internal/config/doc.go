// Package config holds the command line of himsg-server and its settings, typed.
//
// A setting has one name in three places: the flag --listen, the environment variable HIMSG_LISTEN and the key listen
// in the TOML file that --config names. The flag wins over the environment, the environment over the file. A file
// with a key that nobody knows is refused, so that a typing error can't pass for a setting.
//
// cmd/himsg-server imports it to parse, app to be told what to do. Start with CLI and Parse.
package config
