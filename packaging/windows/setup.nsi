; The app for one user, who needs no rights: setup.exe [/S] [/SERVER_URL=https://…] [/AUTOSTART=1|0] [/ROLLBACK=1]
; packaging/build gives VERSION, FILES (a folder) and OUT. The first line keeps makensis from its 32-bit default, which wine64 can't start.
Target amd64-unicode
Unicode true
SetCompressor /SOLID lzma
RequestExecutionLevel user
ManifestDPIAware true

!include MUI2.nsh
!include FileFunc.nsh
!include WordFunc.nsh

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Hi_Msg"
!define RUN "Software\Microsoft\Windows\CurrentVersion\Run"

Name "Hi_Msg"
OutFile "${OUT}"
InstallDir "$LOCALAPPDATA\Programs\Hi_Msg"
BrandingText "Hi_Msg ${VERSION}"
AutoCloseWindow true
ShowInstDetails nevershow
VIProductVersion "${VERSION}.0"
VIAddVersionKey ProductName "Hi_Msg"
VIAddVersionKey ProductVersion "${VERSION}"
VIAddVersionKey FileVersion "${VERSION}"
VIAddVersionKey FileDescription "Hi_Msg setup"
VIAddVersionKey CompanyName "Hi_Msg"
VIAddVersionKey LegalCopyright "The Hi_Msg authors, Apache-2.0"

!define MUI_ICON "${FILES}/icon.ico"
!define MUI_UNICON "${FILES}/icon.ico"
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "Korean"

LangString BadAddress ${LANG_ENGLISH} "SERVER_URL must begin with https:// or http://, such as https://talk.example.com:5050"
LangString BadAddress ${LANG_KOREAN} "SERVER_URL은 https:// 또는 http://로 시작해야 합니다. 예: https://talk.example.com:5050"
LangString Newer ${LANG_ENGLISH} "A newer version of Hi_Msg is installed."
LangString Newer ${LANG_KOREAN} "더 새로운 버전의 Hi_Msg가 설치되어 있습니다."
LangString CantWrite ${LANG_ENGLISH} "Hi_Msg can't be written to $INSTDIR."
LangString CantWrite ${LANG_KOREAN} "$INSTDIR 폴더에 Hi_Msg를 쓸 수 없습니다."
LangString Running ${LANG_ENGLISH} "Hi_Msg is running. Quit it from its tray icon, then uninstall it again."
LangString Running ${LANG_KOREAN} "Hi_Msg가 실행 중입니다. 트레이 아이콘에서 종료한 뒤 다시 제거해 주세요."

Var Address
Var Autostart
Var Arguments

!macro Refuse text code
  MessageBox MB_OK|MB_ICONSTOP "${text}" /SD IDOK
  SetErrorLevel ${code}
  Quit
!macroend

; /ROLLBACK=1 lets it take the place of a newer version: the app says so when a signed manifest does.
; Exit codes: 0 done, 2 a bad argument, 3 a newer version is there, 4 a file can't be written; of the uninstaller 5: the app runs.
Function .onInit
  ${GetParameters} $0
  ; The + keeps GetOptions from taking the address's own slashes for the next option.
  StrCpy $Address ""
  ClearErrors
  ${GetOptionsS} $0 "/SERVER_URL=" $1
  ${IfNot} ${Errors}
    ; What GetOptions gives ends at a slash: cut it out of the whole line, up to the next space.
    ${WordFind2X} "$0 " "/SERVER_URL=" " " "+1" $Address
  ${EndIf}
  ${If} $Address == ""
    ReadRegStr $Address HKCU "${KEY}" "ServerURL"
  ${EndIf}
  ${If} $Address != ""
    StrCpy $1 $Address 8
    StrCpy $2 $Address 7
    ${If} $1 != "https://"
    ${AndIf} $2 != "http://"
      !insertmacro Refuse "$(BadAddress)" 2
    ${EndIf}
    ${WordFind} $Address '"' "E+1{" $3
    ${IfNot} ${Errors}
      !insertmacro Refuse "$(BadAddress)" 2
    ${EndIf}
  ${EndIf}
  ClearErrors
  ${GetOptions} $0 "/AUTOSTART=" $Autostart
  ClearErrors
  ${GetOptions} $0 "/ROLLBACK=" $2
  ReadRegStr $1 HKCU "${KEY}" "DisplayVersion"
  ${If} $1 != ""
  ${AndIf} $2 != "1"
    ${VersionCompare} "$1" "${VERSION}" $2
    ${If} $2 == 1
      !insertmacro Refuse "$(Newer)" 3
    ${EndIf}
  ${EndIf}
FunctionEnd

Section
  SetOutPath "$INSTDIR"
  ; An app that runs holds its file, but lets it be renamed; the next start is the new version.
  Delete "$INSTDIR\himsg.old.exe"
  ${If} ${FileExists} "$INSTDIR\himsg.exe"
    Rename "$INSTDIR\himsg.exe" "$INSTDIR\himsg.old.exe"
  ${EndIf}
  ClearErrors
  SetOverwrite try
  File "${FILES}/himsg.exe"
  File "${FILES}/third-party-licenses.txt"
  File "${FILES}/LICENSE"
  File "${FILES}/sbom.cdx.json"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    ${IfNot} ${FileExists} "$INSTDIR\himsg.exe"
      Rename "$INSTDIR\himsg.old.exe" "$INSTDIR\himsg.exe"
    ${EndIf}
    !insertmacro Refuse "$(CantWrite)" 4
  ${EndIf}
  Delete "$INSTDIR\himsg.old.exe"

  StrCpy $Arguments ""
  ${If} $Address != ""
    StrCpy $Arguments '--server "$Address"'
  ${EndIf}
  CreateShortcut "$SMPROGRAMS\Hi_Msg.lnk" "$INSTDIR\himsg.exe" '$Arguments'
  WriteRegStr HKCU "Software\Classes\himsg" "" "URL:Hi_Msg"
  WriteRegStr HKCU "Software\Classes\himsg" "URL Protocol" ""
  WriteRegStr HKCU "Software\Classes\himsg\shell\open\command" "" '"$INSTDIR\himsg.exe" $Arguments -- "%1"'
  ${If} $Autostart == "1"
    WriteRegStr HKCU "${RUN}" "himsg" '"$INSTDIR\himsg.exe" --hidden $Arguments'
  ${ElseIf} $Autostart == "0"
    DeleteRegValue HKCU "${RUN}" "himsg"
  ${EndIf}
  WriteRegStr HKCU "${KEY}" "DisplayName" "Hi_Msg"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "Publisher" "Hi_Msg"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\himsg.exe"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegStr HKCU "${KEY}" "ServerURL" "$Address"
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

; Settings and messages of the user stay.
Section Uninstall
  ; Windows deletes no program that runs: then nothing is taken away, since nobody would find what is left.
  ClearErrors
  Delete "$INSTDIR\himsg.old.exe"
  Delete "$INSTDIR\himsg.exe"
  ${If} ${Errors}
    !insertmacro Refuse "$(Running)" 5
  ${EndIf}
  Delete "$INSTDIR\himsg.bad.exe"
  Delete "$INSTDIR\third-party-licenses.txt"
  Delete "$INSTDIR\LICENSE"
  Delete "$INSTDIR\sbom.cdx.json"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Hi_Msg.lnk"
  DeleteRegKey HKCU "Software\Classes\himsg"
  DeleteRegValue HKCU "${RUN}" "himsg"
  DeleteRegKey HKCU "${KEY}"
SectionEnd
