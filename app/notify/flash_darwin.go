package notify

// Flash does nothing: the Dock bounces for what is said in Objective-C only.
func Flash(uintptr, bool) error { return nil }
