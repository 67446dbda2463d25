package tray

const appName = "Hi_Msg"

// words are what the tray says. unread is a format of the app's name and a number.
type words struct {
	open, status, lock, settings, quit, unread string

	presences [len(presences)]string
}

func wordsOf(language string) words {
	if language == "ko" {
		return words{
			open: "Hi_Msg 열기", status: "내 상태", lock: "잠그기", settings: "설정", quit: "종료",
			unread: "%s - 읽지 않은 메시지 %d개", presences: [...]string{"접속 중", "자리 비움", "방해 금지"},
		}
	}
	return words{
		open: "Open Hi_Msg", status: "Status", lock: "Lock", settings: "Settings", quit: "Quit",
		unread: "%s - %d unread", presences: [...]string{"Available", "Away", "Do not disturb"},
	}
}
