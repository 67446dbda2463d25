package scheme

import (
	"fmt"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

const classKey = `Software\Classes\himsg`

// Register makes program the one that opens links of this user, unless an installer has named one for everybody. A repeat
// mends the path of a program that was moved.
func Register(program string) error {
	if key, err := registry.OpenKey(registry.LOCAL_MACHINE, classKey, registry.QUERY_VALUE); err == nil {
		key.Close()
		return nil
	}
	// What follows "--" is no flag, whatever it looks like.
	command := windows.EscapeArg(program) + ` -- "%1"`
	for _, value := range []struct{ key, name, text string }{
		{classKey, "", "URL:Hi_Msg"},
		{classKey, "URL Protocol", ""},
		{classKey + `\shell\open\command`, "", command},
	} {
		key, _, err := registry.CreateKey(registry.CURRENT_USER, value.key, registry.SET_VALUE)
		if err != nil {
			return fmt.Errorf("make key %s: %w", value.key, err)
		}
		err = key.SetStringValue(value.name, value.text)
		key.Close()
		if err != nil {
			return fmt.Errorf("write key %s: %w", value.key, err)
		}
	}
	return nil
}
