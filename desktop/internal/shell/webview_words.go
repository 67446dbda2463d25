package shell

import "github.com/wailsapp/wails/v2/pkg/options/windows"

// webViewWords are what Wails says in a dialog on Windows when there is no web view to show a page: WebView2 is missing or too
// old, or has crashed. It is a part of Windows 11 and of most of Windows 10; else IT installs it.
func webViewWords(language string) *windows.Messages {
	words := windows.DefaultMessages()
	missing, broken := "Hi_Msg needs Microsoft Edge WebView2. This PC has none, or one that is too old. Ask IT to install it.",
		"Hi_Msg's display has stopped. Start Hi_Msg again. Nothing that you sent is lost."
	fixed := "The WebView2 that IT has set for Hi_Msg can't be used. Ask IT to look at its folder and version."
	words.Error = appName
	if language == "ko" {
		missing = "Hi_Msg를 쓰려면 Microsoft Edge WebView2가 필요한데, 이 PC에 없거나 너무 오래된 버전입니다. IT 담당자에게 설치를 요청해 주세요."
		broken = "Hi_Msg 화면이 멈췄습니다. Hi_Msg를 다시 시작해 주세요. 보낸 메시지는 사라지지 않습니다."
		fixed = "Hi_Msg가 쓰도록 지정된 WebView2를 쓸 수 없습니다. IT 담당자에게 폴더와 버전을 확인해 달라고 요청해 주세요."
	}
	words.ContactAdmin, words.WebView2ProcessCrash, words.InvalidFixedWebview2 = missing, broken, fixed
	return words
}
