using FeedbackAlignment.Experiments.Files;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>The folders of a study in which workers meet.</summary>
internal enum StudyPart
{
    /// <summary>What has been claimed, and how that ended.</summary>
    Claims,

    /// <summary>What workers write while they train, each in a folder of its own.</summary>
    Attempts,

    /// <summary>The runs that have ended.</summary>
    Runs,
}

/// <summary>
/// All that workers ask of a shared file system. Whatever throws an <see cref="IOException"/> may have happened all the same; the protocol
/// holds for both.
/// </summary>
internal interface IStudyFiles
{
    /// <summary>The names of what is in a folder, in no order.</summary>
    IReadOnlyCollection<string> Names(StudyPart part);

    /// <summary>Whether there is something of a name.</summary>
    bool IsThere(StudyPart part, string name);

    /// <summary>Makes a file that is not there yet: of several who try, one succeeds.</summary>
    /// <returns>Whether this call has made it.</returns>
    bool Create(StudyPart part, string name, byte[] content);

    /// <summary>Writes over a file from its beginning; the content is as long as before.</summary>
    void Overwrite(StudyPart part, string name, byte[] content);

    /// <summary>The content of a small file; null: it is not there.</summary>
    byte[]? Read(StudyPart part, string name);

    /// <summary>The place of an attempt, a new folder.</summary>
    Place MakeAttempt(string attempt);

    /// <summary>Makes an attempt the run, in one step that replaces nothing.</summary>
    /// <returns>Whether it is the run now; false: the run was there already.</returns>
    bool Publish(string attempt, string run);
}
