package tray

const appName = "Hi_Msg"

// words are what the tray says. unread is a format of the app's name and a number.
type words struct{ open, quit, unread string }

func wordsOf(language string) words {
	if language == "ko" {
		return words{open: "Hi_Msg 열기", quit: "종료", unread: "%s - 읽지 않은 메시지 %d개"}
	}
	return words{open: "Open Hi_Msg", quit: "Quit", unread: "%s - %d unread"}
}
