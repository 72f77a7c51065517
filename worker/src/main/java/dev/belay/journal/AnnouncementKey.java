package dev.belay.journal;

import dev.belay.job.JobId;

/// A job's message: the job and the hop.
public record AnnouncementKey(JobId job, int hop) {}
