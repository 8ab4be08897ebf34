package sweep

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// lock is what Object Lock says of a version.
type lock struct {
	mode        types.ObjectLockMode
	until       *time.Time
	hold        types.ObjectLockLegalHoldStatus
	event       types.ObjectLockEventHold
	days, years *int32
}

// lockOf is the lock that a copy gets: the version's own, without what has ended.
// A retention in the past is refused by S3, and a hold that is off is the default.
func lockOf(h *s3.HeadObjectOutput, now time.Time) lock {
	var l lock
	if retained(h, now) {
		l.mode, l.until = h.ObjectLockMode, h.ObjectLockRetainUntilDate
	}
	if h.ObjectLockLegalHoldStatus == types.ObjectLockLegalHoldStatusOn {
		l.hold = h.ObjectLockLegalHoldStatus
	}
	if h.ObjectLockEventHold == types.ObjectLockEventHoldOn {
		l.event, l.days, l.years = h.ObjectLockEventHold, h.ObjectLockEventHoldDurationDays, h.ObjectLockEventHoldDurationYears
	}
	return l
}
