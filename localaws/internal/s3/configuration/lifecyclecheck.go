package configuration

import (
	"slices"
	"time"

	"github.com/s3seal/s3seal/localaws/internal/s3/fault"
)

// lifecycleClasses are the storage classes that objects can be moved to.
//
// Source: S3 API reference, API_Transition.
var lifecycleClasses = []string{"GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"}

// check refuses a rule that S3 refuses. The pages have the limits; the codes and
// words are those that S3 is known to answer.
//
// Source: S3 API reference, API_LifecycleRule, API_LifecycleRuleFilter,
// API_LifecycleExpiration, API_Transition, API_NoncurrentVersionExpiration,
// API_NoncurrentVersionTransition, API_AbortIncompleteMultipartUpload.
func (r *lifecycleRule) check() error {
	switch {
	case r.Status != Enabled && r.Status != "Disabled":
		return fault.MalformedXML("Status of a lifecycle rule is %q", r.Status)
	case len(r.ID) > 255:
		return invalidLifecycle("ID length should not exceed allowed limit of 255")
	case (r.Filter == nil) == (r.Prefix == nil):
		return fault.MalformedXML("a lifecycle rule has one of Filter and Prefix")
	case r.Filter != nil && r.Filter.members() > 1:
		return fault.MalformedXML("the Filter of a lifecycle rule has at most one of Prefix, Tag, ObjectSizeGreaterThan, ObjectSizeLessThan and And")
	case len(r.Transitions) == 0 && r.Expiration == nil && len(r.NoncurrentVersionTransitions) == 0 && r.NoncurrentVersionExpiration == nil && r.AbortIncompleteMultipartUpload == nil:
		return fault.InvalidRequest("At least one action needs to be specified in a rule")
	}
	if err := r.Expiration.check(); err != nil {
		return err
	}
	for _, t := range r.Transitions {
		if err := t.check(); err != nil {
			return err
		}
	}
	for _, t := range r.NoncurrentVersionTransitions {
		switch {
		case t.NoncurrentDays < 0:
			return invalidLifecycle("'NoncurrentDays' in NoncurrentVersionTransition action must be nonnegative")
		case t.NewerNoncurrentVersions > 100:
			return tooManyVersions()
		case !slices.Contains(lifecycleClasses, t.StorageClass):
			return fault.MalformedXML("StorageClass of a NoncurrentVersionTransition is %q", t.StorageClass)
		}
	}
	if e := r.NoncurrentVersionExpiration; e != nil && e.NoncurrentDays < 1 {
		return invalidLifecycle("'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer")
	} else if e != nil && e.NewerNoncurrentVersions > 100 {
		return tooManyVersions()
	}
	if a := r.AbortIncompleteMultipartUpload; a != nil && a.DaysAfterInitiation < 1 {
		return invalidLifecycle("'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer")
	}
	return nil
}

func (f *lifecycleFilter) members() int {
	n := 0
	for _, is := range []bool{f.Prefix != nil, f.Tag != nil, f.ObjectSizeGreaterThan != 0, f.ObjectSizeLessThan != 0, f.And != nil} {
		if is {
			n++
		}
	}
	return n
}

func (e *lifecycleExpiration) check() error {
	if e == nil {
		return nil
	}
	n := 0
	for _, is := range []bool{e.Days != nil, e.Date != "", e.ExpiredObjectDeleteMarker != nil} {
		if is {
			n++
		}
	}
	switch {
	case n != 1:
		return fault.MalformedXML("Expiration has one of Days, Date and ExpiredObjectDeleteMarker")
	case e.Days != nil && *e.Days < 1:
		return invalidLifecycle("'Days' for Expiration action must be a positive integer")
	}
	return midnight(e.Date)
}

func (t *lifecycleTransition) check() error {
	switch {
	case (t.Days != nil) == (t.Date != ""):
		return fault.MalformedXML("Transition has one of Days and Date")
	case t.Days != nil && *t.Days < 0:
		return invalidLifecycle("'Days' in Transition action must be nonnegative")
	case !slices.Contains(lifecycleClasses, t.StorageClass):
		return fault.MalformedXML("StorageClass of a Transition is %q", t.StorageClass)
	}
	return midnight(t.Date)
}

// midnight checks a date; "" is none.
func midnight(date string) error {
	if date == "" {
		return nil
	}
	t, err := time.Parse(time.RFC3339, date)
	if err != nil {
		if t, err = time.Parse(time.DateOnly, date); err != nil {
			return fault.MalformedXML("Date of a lifecycle rule is %q, want one of ISO 8601", date)
		}
	}
	if !t.Equal(t.UTC().Truncate(24 * time.Hour)) {
		return invalidLifecycle("'Date' must be at midnight GMT")
	}
	return nil
}

func tooManyVersions() error {
	return invalidLifecycle("'NewerNoncurrentVersions' must be at most 100")
}

func invalidLifecycle(message string) error {
	return fault.InvalidArgument(message, "LifecycleConfiguration", "")
}
