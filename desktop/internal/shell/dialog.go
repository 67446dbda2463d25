package shell

import (
	"errors"
	"fmt"
)

// imageNames are the files that the dialog offers. Core and the server look at what is in them.
const imageNames = "*.png;*.jpg;*.jpeg;*.gif"

// ChooseImage implements core.Chooser by the system's own dialog.
func (s *Shell) ChooseImage() (path string, err error) {
	d := s.currentDesk()
	if d == nil {
		return "", errors.New("choose a file: the window is gone")
	}
	title, kind := "대화방 사진 고르기", "사진"
	if s.language() == "en" {
		title, kind = "Choose a picture for the room", "Pictures"
	}
	path, err = d.ChooseFile(title, kind, imageNames)
	if err != nil {
		return "", fmt.Errorf("choose a file: %w", err)
	}
	return path, nil
}
