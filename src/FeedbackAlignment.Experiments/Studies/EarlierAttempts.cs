using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>What earlier claims of a run have left: a new one goes on from the newest checkpoint, in a copy.</summary>
/// <param name="files">The study's files.</param>
/// <param name="study">The study's folder.</param>
internal sealed class EarlierAttempts(IStudyFiles files, Place study)
{
    /// <summary>
    /// Checkpoints first: metrics only grow, so that what a checkpoint counts on is there when they are copied after it, even where a
    /// worker still writes that was taken for dead.
    /// </summary>
    private static readonly string[] _files =
        [.. CheckpointFiles.Names, MetricsWriter.LinesName, MetricsWriter.CurveName, MetricsWriter.AlignmentName];

    /// <summary>Copies the newest checkpoint there is, and what belongs to it.</summary>
    /// <param name="claim">The new claim.</param>
    /// <param name="to">The folder of its attempt.</param>
    public void CopyCheckpoint(ClaimName claim, Place to)
    {
        // Attempts that are published are not there any more, so the folder is short; a first claim does not even look.
        if (claim.Number == 1)
        {
            return;
        }

        var attempts = study.In(StudyFiles.NameOf(StudyPart.Attempts));
        var earlier = files.Names(StudyPart.Attempts)
            .Select(name => (Name: name, Claim: ClaimName.Read(name.Split('-')[0])))
            .Where(attempt => attempt.Claim is { } other && other.Run == claim.Run && other.Number < claim.Number)
            .OrderByDescending(attempt => attempt.Claim!.Value.Number).Select(attempt => attempts.In(attempt.Name));
        if (earlier.FirstOrDefault(attempt => CheckpointFiles.Names.Any(name => attempt.In(name).IsFile)) is { } from)
        {
            RunFiles.Copy(from, to, _files);
        }
    }
}

/// <summary>Copies files of a run.</summary>
internal static class RunFiles
{
    /// <summary>Copies those that are there, in their order.</summary>
    /// <exception cref="IOException">One cannot be read.</exception>
    /// <exception cref="RecordingException">One cannot be written.</exception>
    public static void Copy(Place from, Place to, IEnumerable<string> names)
    {
        foreach (var name in names.Where(name => from.In(name).IsFile))
        {
            using var file = from.In(name).Read();
            to.In(name).Write(copy => file.CopyTo(copy));
        }
    }
}
