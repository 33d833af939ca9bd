package address

import "strings"

// virtualPrefixes begin the names of networks that exist inside one machine.
var virtualPrefixes = []string{"docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "vEthernet"}

// Virtual tells by the name of an interface whether it leads to a network that
// exists inside this machine only: that of containers or virtual machines. It
// is a guess, good for sorting and for what is shown.
func Virtual(device string) bool {
	for _, prefix := range virtualPrefixes {
		if strings.HasPrefix(device, prefix) {
			return true
		}
	}
	return false
}
