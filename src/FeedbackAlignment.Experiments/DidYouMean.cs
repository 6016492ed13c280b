using F23.StringSimilarity;

namespace FeedbackAlignment.Experiments;

/// <summary>Finds the name that somebody meant.</summary>
public static class DidYouMean
{
    private const int LongestWord = 64;

    private static readonly OptimalStringAlignment _distance = new();

    /// <summary>What other programs and papers call things that have a name here.</summary>
    private static readonly Dictionary<string, string> _elsewhere = new()
    {
        ["LR"] = "--learning-rate",
        ["ETA"] = "--learning-rate",
        ["STEPSIZE"] = "--learning-rate",
        ["BATCHSIZE"] = "--batch",
        ["BS"] = "--batch",
        ["LAYERS"] = "--network",
        ["HIDDEN"] = "--network",
        ["ARCHITECTURE"] = "--network",
        ["DATASET"] = "--data",
        ["DECAY"] = "--weight-decay",
        ["WD"] = "--weight-decay",
        ["L2"] = "--weight-decay",
        ["SCHEDULER"] = "--schedule",
        ["OUTPUT"] = "--out",
        ["OUTDIR"] = "--out",
        ["O"] = "--out",
        ["CONFIG"] = "--spec",
        ["VERBOSE"] = "--debug",
        ["BP"] = "backpropagation",
        ["SIGMOID"] = "logistic",
        ["IDENTITY"] = "linear",
        ["NONE"] = "linear",
        ["MSE"] = "squared-error",
        ["L2LOSS"] = "squared-error",
        ["CE"] = "softmax-cross-entropy",
        ["CROSSENTROPY"] = "softmax-cross-entropy",
        ["BCE"] = "logistic-cross-entropy",
        ["XAVIER"] = "glorot-uniform",
        ["XAVIERUNIFORM"] = "glorot-uniform",
        ["XAVIERNORMAL"] = "glorot-normal",
        ["KAIMING"] = "he-uniform",
        ["KAIMINGUNIFORM"] = "he-uniform",
        ["KAIMINGNORMAL"] = "he-normal",
        ["GAUSSIAN"] = "normal",
    };

    /// <summary>
    /// The name nearest to a word: equal but for case, hyphens and underscores; what others call the same (<c>sigmoid</c>); made of its
    /// initials (<c>dfa</c>); few typing errors away (one in three characters); or the only one that begins with it (three characters or
    /// more). Null if none is.
    /// </summary>
    /// <param name="word">What was written.</param>
    /// <param name="names">The valid names; the first wins a tie.</param>
    public static string? Nearest(string word, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(names);
        var plain = Plain(word);
        if (plain.Length is 0 or > LongestWord)
        {
            return null;
        }

        var candidates = names.Select(name => (Name: name, Plain: Plain(name))).ToList();
        var here = _elsewhere.TryGetValue(plain, out var elsewhere) ? Plain(elsewhere) : null;
        var known = candidates.FirstOrDefault(candidate => candidate.Plain == plain).Name
            ?? candidates.FirstOrDefault(candidate => candidate.Plain == here).Name
            ?? candidates.FirstOrDefault(candidate => Initials(candidate.Name) == plain).Name;
        if (known is not null)
        {
            return known;
        }

        var nearest = candidates
            .Select(candidate => (candidate.Name, Distance: _distance.Distance(plain, candidate.Plain)))
            .Where(candidate => candidate.Distance <= plain.Length / 3)
            .OrderBy(candidate => candidate.Distance)
            .FirstOrDefault().Name;
        if (nearest is not null || plain.Length < 3)
        {
            return nearest;
        }

        var beginning = candidates.Where(candidate => candidate.Plain.StartsWith(plain, StringComparison.Ordinal)).Take(2).ToList();
        return beginning.Count == 1 ? beginning[0].Name : null;
    }

    /// <summary>The end of a message: <c>, did you mean "tanh"?</c>, or nothing if no name is near.</summary>
    /// <param name="word">What was written.</param>
    /// <param name="names">The valid names.</param>
    public static string Hint(string word, IEnumerable<string> names) => Nearest(word, names) is { } name ? $", did you mean \"{name}\"?" : "";

    /// <summary>Of a name of several words; empty for one of a single word.</summary>
    private static string Initials(string name)
    {
        var words = name.Split('-', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 ? string.Concat(words.Select(word => char.ToUpperInvariant(word[0]))) : "";
    }

    private static string Plain(string word) => string.Concat(word.Where(letter => letter is not ('-' or '_' or ' '))).ToUpperInvariant();
}
