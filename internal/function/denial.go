package function

import "strings"

// denial is what the message of a denial says about who may not do what with
// which resource, and through which kind of policy, with a colon before it; ""
// if the message has another form. Only these parts are quoted, and what follows
// the resource only in AWS's own words.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
func denial(a AWSAnswer) string {
	if a.Code != "AccessDenied" && a.Code != "AccessDeniedException" {
		return ""
	}
	who, rest, ok := strings.Cut(a.Message, " is not authorized to perform: ")
	action, rest, _ := strings.Cut(rest, " ")
	if !ok || !strings.HasPrefix(who, "User: arn:") || strings.Contains(who[len("User: "):], " ") || !isAction(action) {
		return ""
	}
	text := ": " + who + " is not authorized to perform: " + action
	resource, ok := strings.CutPrefix(rest, "on resource: ")
	if !ok {
		return text
	}
	// An object's key may have spaces: then the quotes say where it ends.
	end := " "
	if quoted, ok := strings.CutPrefix(resource, `"`); ok {
		resource, end = quoted, `"`
	}
	arn, rest, _ := strings.Cut(resource, end)
	if !strings.HasPrefix(arn, "arn:") || strings.ContainsAny(arn, "\r\n") {
		return text
	}
	return text + ` on resource: "` + arn + `"` + reason(strings.TrimSpace(rest), action)
}

func isAction(text string) bool {
	service, name, ok := strings.Cut(text, ":")
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
	return ok && strings.Trim(service, letters) == "" && strings.Trim(name, letters) == ""
}

// reason is AWS's reason for a denial, if it is one of those that it documents.
func reason(text, action string) string {
	for _, kind := range []string{
		"identity-based policy", "resource-based policy", "permissions boundary", "session policy",
		"service control policy", "resource control policy", "VPC endpoint policy",
	} {
		for _, form := range []string{
			"because no " + kind + " allows the " + action + " action",
			"with an explicit deny in a " + kind,
			"with an explicit deny in an " + kind,
		} {
			if strings.HasPrefix(text, form) {
				return " " + form
			}
		}
	}
	return ""
}
