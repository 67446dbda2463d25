package tray

const appName = "Hi_Msg"

// words are what the tray says. unread is a format of the app's name and a number.
type words struct {
	open, status, mute, unmute, lock, settings, quit, unread string

	presences [len(presences)]string
}

func wordsOf(language string) words {
	if language == "ko" {
		return words{
			open: "Hi_Msg 열기", status: "내 상태", mute: "1시간 알림 끄기", unmute: "알림 다시 켜기", lock: "잠그기", settings: "설정", quit: "종료",
			unread: "%s - 읽지 않은 메시지 %d개", presences: [...]string{"접속 중", "자리 비움", "방해 금지"},
		}
	}
	return words{
		open: "Open Hi_Msg", status: "Status", mute: "Mute notifications for 1 hour", unmute: "Turn notifications on again", lock: "Lock", settings: "Settings", quit: "Quit",
		unread: "%s - %d unread", presences: [...]string{"Available", "Away", "Do not disturb"},
	}
}
