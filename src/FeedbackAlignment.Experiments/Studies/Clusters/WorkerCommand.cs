namespace FeedbackAlignment.Experiments.Studies.Clusters;

/// <summary>The command line of a worker, as a shell takes it.</summary>
/// <param name="Program">The words that start <c>fa</c>: a program, or <c>dotnet</c> and a file; absolute paths.</param>
/// <param name="Study">The study's folder, an absolute path.</param>
public sealed record WorkerCommand(IReadOnlyList<string> Program, string Study)
{
    /// <summary>Options of the worker, without quotes.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>The words, without quotes.</summary>
    public IReadOnlyList<string> Words => [.. Program, "work", Study, .. More];

    /// <summary>The command line.</summary>
    /// <param name="more">What comes behind the words; as it stands, so that the shell can fill in variables.</param>
    public string Line(params string[] more) => string.Join(' ', [.. Words.Select(Quoted), .. more]);

    /// <summary>A word that a POSIX shell reads as it is: <c>'it'\''s'</c>.</summary>
    /// <param name="word">Any text without NUL.</param>
    public static string Quoted(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Length > 0 && word.All(sign => char.IsAsciiLetterOrDigit(sign) || "/._-+=:,@%".Contains(sign)) ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
