namespace FeedbackAlignment.Experiments.Theory;

/// <summary>Where a path of the minimal network came from and ended.</summary>
/// <param name="Start">Its start.</param>
/// <param name="End">Its end.</param>
/// <param name="InvariantDrift">max |C − C at the start| along it.</param>
public sealed record SettledStart(PhasePoint Start, PhasePoint End, double InvariantDrift)
{
    /// <summary>The branch of its end; none if |1 − W W0| &gt; 10⁻⁶ there, or if the solution does not attract.</summary>
    public SolutionBranch Branch
        => !(Math.Abs(1 - End.W * End.W0) <= 1e-6) || !MinimalNetwork.IsStable(End.W0) ? SolutionBranch.None
            : End.W0 > 0 ? SolutionBranch.Good
            : SolutionBranch.Bad;

    /// <summary>Whether that is the branch that theory says.</summary>
    public bool EndsAsTheorySays => Branch == MinimalNetwork.BranchFrom(Start);
}

/// <summary>A path to draw.</summary>
/// <param name="Outcome">Where it starts and ends.</param>
/// <param name="Points">Points along it, from start to end.</param>
public sealed record PhasePath(SettledStart Outcome, IReadOnlyList<PhasePoint> Points);

/// <summary>What Fig. 3 shows, computed.</summary>
public sealed record MinimalNetworkResult
{
    /// <summary>The flow on a grid over the plane, row by row from below.</summary>
    public required IReadOnlyList<FlowArrow> Flow { get; init; }

    /// <summary>Solutions W0 W = 1 with W0 &gt; 0: stable, eᵀWBe &gt; 0.</summary>
    public required IReadOnlyList<PhasePoint> GoodSolutions { get; init; }

    /// <summary>Solutions with W0 &lt; −1: stable, eᵀWBe &lt; 0.</summary>
    public required IReadOnlyList<PhasePoint> BadSolutions { get; init; }

    /// <summary>Solutions with −1 &lt; W0 &lt; 0: unstable.</summary>
    public required IReadOnlyList<PhasePoint> UnstableSolutions { get; init; }

    /// <summary>W = (W0² − 3)/2 from the edge of the plane to (−1, −1).</summary>
    public required IReadOnlyList<PhasePoint> SeparatrixCurve { get; init; }

    /// <summary>The border of the starts in the plane that end on the bad branch: a polygon.</summary>
    public required IReadOnlyList<PhasePoint> BadRegion { get; init; }

    /// <summary>Paths; the first starts at 0, the second where the arrow of Fig. 3 is drawn.</summary>
    public required IReadOnlyList<PhasePath> Paths { get; init; }

    /// <summary>Where the starts of a grid over the plane end.</summary>
    public required IReadOnlyList<SettledStart> Basins { get; init; }

    /// <summary>Where starts just above and just below the separatrix end, in turn.</summary>
    public required IReadOnlyList<SettledStart> BesideSeparatrix { get; init; }

    /// <summary>Where the path from 0 ends.</summary>
    public PhasePoint EndFromZero => Paths[0].Outcome.End;

    // Math.Max rather than Max(), which passes over NaN: a number that is not one must not look like a small one.

    /// <summary>The largest drift of the invariant on any path.</summary>
    public double LargestInvariantDrift => All.Select(path => path.InvariantDrift).Aggregate(Math.Max);

    /// <summary>Share of the grid's starts that end on the bad branch.</summary>
    public double BadShare => Basins.Count(path => path.Branch == SolutionBranch.Bad) / (double)Basins.Count;

    /// <summary>Area of the bad region ∕ area of the plane: (5/3 + 1 − ln 2)/16.</summary>
    public static double BadShareOfArea => (8.0 / 3 - Math.Log(2)) / (4 * MinimalNetwork.Reach * MinimalNetwork.Reach);

    /// <summary>Paths that end elsewhere than on the branch that theory says.</summary>
    public int Surprises => All.Count(path => !path.EndsAsTheorySays);

    /// <summary>The largest distance of an end from where theory puts it.</summary>
    public double LargestEndDeviation
        => All.Select(path => (path.End, Expected: MinimalNetwork.EndFrom(path.Start)))
            .Select(path => double.Hypot(path.End.W0 - path.Expected.W0, path.End.W - path.Expected.W))
            .Aggregate(Math.Max);

    private IEnumerable<SettledStart> All => Paths.Select(path => path.Outcome).Concat(Basins).Concat(BesideSeparatrix);
}
