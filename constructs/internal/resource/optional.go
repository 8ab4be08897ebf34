package resource

// Optional is a prop that a text which is "" leaves out.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
