package iam

import "net/netip"

// IsValue tells whether a request can have a value of a condition key of a type:
// "Bool", "Numeric", "Date" or "IPAddress". Of every other type each string is
// one.
func IsValue(kind, value string) bool {
	switch kind {
	case "Bool":
		return isBool(value)
	case "Numeric":
		return isNumber(value)
	case "Date":
		return isDate(value)
	case "IPAddress":
		_, err := netip.ParseAddr(value) // only a policy has a range
		return err == nil
	}
	return true
}
