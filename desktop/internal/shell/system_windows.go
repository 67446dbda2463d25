package shell

import (
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// systemIsDark reads what Windows calls the mode of apps.
func systemIsDark() bool {
	const path = `Software\Microsoft\Windows\CurrentVersion\Themes\Personalize`
	key, err := registry.OpenKey(registry.CURRENT_USER, path, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer key.Close()
	light, _, err := key.GetIntegerValue("AppsUseLightTheme")
	return err == nil && light == 0
}

// SystemLanguage is the language of the desktop: "ko" or "en".
func SystemLanguage() string {
	languages, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil || len(languages) == 0 {
		return languageOf("")
	}
	return languageOf(languages[0])
}
