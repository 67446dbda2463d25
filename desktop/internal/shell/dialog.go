package shell

import (
	"errors"
	"fmt"
)

// imageNames are the files that the dialog offers. Core and the server look at what is in them.
const (
	imageNames  = "*.png;*.jpg;*.jpeg;*.gif"
	peopleNames = "*.xlsx;*.csv"
)

// ChooseImage implements core.Chooser by the system's own dialog, as the others do.
func (s *Shell) ChooseImage() (path string, err error) {
	title, kind := s.inLanguage("사진 고르기", "Choose a picture"), s.inLanguage("사진", "Pictures")
	return choose(s, func(d desk) (string, error) { return d.ChooseFile(title, kind, imageNames) })
}

// ChoosePeople implements core.Chooser.
func (s *Shell) ChoosePeople() (path string, err error) {
	title, kind := s.inLanguage("구성원 파일 고르기", "Choose a file of people"), "Excel, CSV"
	return choose(s, func(d desk) (string, error) { return d.ChooseFile(title, kind, peopleNames) })
}

// ChooseFiles implements core.Chooser.
func (s *Shell) ChooseFiles() (paths []string, err error) {
	title := s.inLanguage("보낼 파일 고르기", "Choose files to send")
	return choose(s, func(d desk) ([]string, error) { return d.ChooseFiles(title) })
}

// ChooseTarget implements core.Chooser.
func (s *Shell) ChooseTarget(name string) (path string, err error) {
	folder, err := s.Downloads()
	if err != nil {
		folder = "" // the dialog begins somewhere
	}
	title := s.inLanguage("파일 저장", "Save file")
	return choose(s, func(d desk) (string, error) { return d.ChooseTarget(title, folder, name) })
}

// ChooseFolder implements core.Chooser.
func (s *Shell) ChooseFolder() (path string, err error) {
	title := s.inLanguage("저장할 폴더 고르기", "Choose a folder to save in")
	return choose(s, func(d desk) (string, error) { return d.ChooseFolder(title) })
}

func choose[T any](s *Shell, dialog func(desk) (T, error)) (answer T, err error) {
	d := s.currentDesk()
	if d == nil {
		return answer, errors.New("choose a file: the window is gone")
	}
	answer, err = dialog(d)
	if err != nil {
		return answer, fmt.Errorf("choose a file: %w", err)
	}
	return answer, nil
}

func (s *Shell) inLanguage(korean, english string) string {
	if s.language() == "en" {
		return english
	}
	return korean
}
