package core

import (
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"himsg/shared/wire"
)

// This file holds the rules about names of files.

// cleanName brings a file's name to the form in which the server stores it, or returns "".
func cleanName(name string) string {
	name = norm.NFC.String(strings.ToValidUTF8(name, ""))
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
			return -1
		case r == '/', r == '\\':
			return '_'
		}
		return r
	}, name)
	name = strings.TrimSpace(name)
	if strings.Trim(name, ".") == "" {
		return ""
	}
	if ext := filepath.Ext(name); len(name) > wire.MaxFileNameBytes && len(ext) < wire.MaxFileNameBytes/2 {
		return shortened(strings.TrimSuffix(name, ext), wire.MaxFileNameBytes-len(ext)) + ext
	}
	return shortened(name, wire.MaxFileNameBytes)
}

// shortened cuts a text down to so many bytes, between two characters.
func shortened(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most]
}

// reservedNames belong to devices on Windows, with every extension.
var reservedNames = []string{
	"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
}

// diskName is a name that every file system takes. A file of an unusable name is called "file".
func diskName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*`, r) {
			return '_'
		}
		return r
	}, cleanName(name))
	name = strings.TrimRight(name, ". ")
	stem, _, _ := strings.Cut(name, ".")
	if slices.Contains(reservedNames, strings.ToLower(strings.TrimSpace(stem))) {
		name = "_" + name
	}
	if name == "" {
		return "file"
	}
	return name
}

// runnable are the kinds of files that are never opened from here: what they do is decided by who made them.
var runnable = strings.Fields(`
ade adp apk app appimage appinstaller application appref-ms appx appxbundle bash bat bin cab chm class cmd com command cpl csh
deb desktop diagcab dll dmg docm dotm elf exe fish gadget hta htm html img inf ins iso isp jar jnlp js jse ksh lnk mde mht mhtml msc
msh msi msix msixbundle msp mst ocx out pif pl pkg potm ppam ppsm pptm ps1 ps1xml psc1 psd1 psm1 py pyc pyw pyz rb reg rpm run
scf scr sct service settingcontent-ms sh shb shtml shs sldm snap svg so swf sys theme themepack url vb vbe vbs vhd vhdx vxd webloc
website wim ws wsc wsf wsh xhtml xbap xlam xll xlsb xlsm xltm xml xnk xsl zsh`)

// canRun reports whether opening a file could start a program. A name without an extension is one: the system may look
// inside.
func canRun(name string) bool {
	ext := strings.ToLower(strings.TrimPrefix(filepath.Ext(strings.TrimRight(name, ". ")), "."))
	return ext == "" || slices.Contains(runnable, ext)
}
