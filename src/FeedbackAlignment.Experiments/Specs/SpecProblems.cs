namespace FeedbackAlignment.Experiments.Specs;

/// <summary>Collects the mistakes of a spec, at most one for a place, and not without end.</summary>
internal sealed class SpecProblems
{
    private const int Most = 100;

    private readonly List<SpecProblem> _found = [];

    /// <summary>The mistakes so far.</summary>
    public IReadOnlyList<SpecProblem> Found => _found;

    /// <summary>Whether there are so many that looking further helps nobody.</summary>
    public bool TooMany => _found.Count > Most;

    /// <summary>Notes a mistake, unless one is known at the same place.</summary>
    public void Add(string path, string message)
    {
        if (TooMany || _found.Any(problem => problem.Path == path))
        {
            return;
        }

        _found.Add(_found.Count < Most ? new(path, message) : new("", $"and more than {Most} mistakes in all; the rest is not shown"));
    }

    /// <summary>
    /// Whether no mistake is known at, above or below these places, so that their values can be compared with each other. Where mistakes
    /// are no longer noted, nothing is known to be right.
    /// </summary>
    public bool Sound(params ReadOnlySpan<string> paths)
    {
        if (TooMany)
        {
            return false;
        }

        foreach (var path in paths)
        {
            if (_found.Any(problem => Covers(problem.Path, path) || Covers(path, problem.Path)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Ends with an exception if there was a mistake.</summary>
    /// <exception cref="SpecException">There was.</exception>
    public void ThrowIfAny()
    {
        if (_found.Count > 0)
        {
            throw new SpecException([.. _found]);
        }
    }

    private static bool Covers(string outer, string inner) =>
        inner.StartsWith(outer, StringComparison.Ordinal) && (inner.Length == outer.Length || inner[outer.Length] is '.' or '[');
}
