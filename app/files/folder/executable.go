package folder

import "strings"

// executables are the endings at which some system starts a program, or does
// what the file says.
var executables = map[string]bool{
	".action": true, ".apk": true, ".app": true, ".appimage": true, ".appref-ms": true, ".appx": true,
	".bash": true, ".bat": true, ".chm": true, ".cmd": true, ".com": true, ".command": true, ".cpl": true,
	".deb": true, ".desktop": true, ".dll": true, ".dmg": true, ".exe": true, ".flatpakref": true, ".gadget": true,
	".hta": true, ".inf": true, ".ins": true, ".iso": true, ".jar": true, ".jnlp": true, ".js": true, ".jse": true,
	".lnk": true, ".msc": true, ".msi": true, ".msix": true, ".msp": true, ".mst": true, ".pif": true, ".pkg": true,
	".pl": true, ".ps1": true, ".psm1": true, ".py": true, ".pyw": true, ".rb": true, ".reg": true, ".rpm": true,
	".run": true, ".scf": true, ".scpt": true, ".scr": true, ".sct": true, ".sh": true, ".shb": true,
	".snap": true, ".terminal": true, ".url": true, ".vb": true, ".vbe": true, ".vbs": true, ".workflow": true,
	".ws": true, ".wsc": true, ".wsf": true, ".wsh": true, ".xll": true, ".zsh": true,
}

// Executable tells whether opening a file of this name could start something:
// by its executable bit, or by its ending on some system. It is a mark for the
// user and keeps nothing away.
func Executable(name string, bit bool) bool {
	if bit {
		return true
	}
	name = foldName(SafeFileName(name))
	at := strings.LastIndexByte(name, '.')
	return at >= 0 && executables[name[at:]]
}
