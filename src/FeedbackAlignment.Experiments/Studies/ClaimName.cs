using System.Globalization;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>How a claim ended, as far as it says so itself.</summary>
internal enum ClaimEnd
{
    /// <summary>It has not, or whoever had it died.</summary>
    None,

    /// <summary>Its worker stopped and left a checkpoint, or a person wants another try: the next claim may begin at once.</summary>
    Released,

    /// <summary>The run failed.</summary>
    Failed,
}

/// <summary>
/// The names in <c>claims</c>: <c>HASH.N</c> is the claim with the number N, from 1; <c>HASH.N.released</c> and <c>HASH.N.failed</c> say
/// how it ended. Other names, such as the <c>.nfs…</c> of a network drive, are none.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Number">Which claim of it, from 1.</param>
/// <param name="End">How it ended.</param>
internal readonly record struct ClaimName(string Run, int Number, ClaimEnd End)
{
    /// <summary>The name of the file.</summary>
    public override string ToString() => End == ClaimEnd.None
        ? string.Create(CultureInfo.InvariantCulture, $"{Run}.{Number}")
        : string.Create(CultureInfo.InvariantCulture, $"{Run}.{Number}.{Ending(End)}");

    /// <summary>Reads a name; null: it is none of a claim.</summary>
    public static ClaimName? Read(string name)
    {
        var parts = name.Split('.');
        return parts.Length is 2 or 3 && parts[0].Length > 0
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            && EndOf(parts) is { } end ? new ClaimName(parts[0], number, end) : null;
    }

    private static ClaimEnd? EndOf(string[] parts) => parts.Length == 2 ? ClaimEnd.None
        : parts[2] == Ending(ClaimEnd.Released) ? ClaimEnd.Released
        : parts[2] == Ending(ClaimEnd.Failed) ? ClaimEnd.Failed : null;

    private static string Ending(ClaimEnd end) => end == ClaimEnd.Released ? "released" : "failed";
}
