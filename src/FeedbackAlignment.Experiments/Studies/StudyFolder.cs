using System.Text;
using System.Text.Json;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>
/// What a study leaves behind: <c>spec.json</c>, <c>environment.json</c>, <c>data.json</c>, <c>resume.json</c>; <c>plan.jsonl</c>, a line
/// for each run that it wants; <c>study.json</c>, written last; <c>runs/NAME</c>, each as a run of an experiment (<see cref="RunFolder"/>);
/// <c>claims</c> and <c>attempts</c>, in which workers meet.
/// </summary>
public sealed class StudyFolder
{
    internal const string HeaderName = "study.json", PlanName = "plan.jsonl", ReusedName = "reused.json";

    /// <summary>Longer than the 60 seconds for which network drives keep what they have read.</summary>
    public const double StaleSeconds = 90;

    private static readonly string[] _names =
    [
        ExperimentFolder.EnvironmentName, ExperimentFolder.DataName, ExperimentFolder.ResumeName, ExperimentFolder.SpecName, PlanName,
        .. Enum.GetValues<StudyPart>().Select(StudyFiles.NameOf),
    ];

    private const double MostStaleSeconds = 1e6;
    private const string Makers = "`fa study`";
    private const string Trial = "trial-";
    private const int MostPlanBytes = 1 << 28;

    private StudyFolder(Place place) => Place = place;

    internal Place Place { get; }

    /// <summary>Where it is.</summary>
    public string FullPath => Place.FullPath;

    /// <summary>Whether a folder is a study's.</summary>
    /// <param name="path">The folder.</param>
    public static bool IsAt(string path) => IsAt(Place.Named(path));

    internal static bool IsAt(Place folder) => folder.In(HeaderName).IsThere;

    /// <summary>The folder of a study that is planned.</summary>
    /// <param name="path">Where.</param>
    /// <exception cref="FolderException">There is none.</exception>
    public static StudyFolder Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var place = Place.Named(Path.GetFullPath(path));
        return IsAt(place) ? new StudyFolder(place)
            : throw new FolderException($"{path}: has no {HeaderName}; name a folder that {Makers} has made");
    }

    /// <summary>Makes a folder for a new study. A folder in which nothing was planned yet is taken over.</summary>
    /// <param name="path">Where.</param>
    /// <exception cref="FolderException">Something else is there, or it cannot be written to.</exception>
    public static StudyFolder Create(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return IsAt(path) ? Open(path)
            : Place.Named(Path.GetFullPath(path)) is var begun && IsBegun(begun) ? new(begun)
            : new(ExperimentFolder.Create(path, ExperimentFolder.RunsName).Place);
    }

    /// <summary>Whether a process was killed here while it planned: nothing else is there than it writes.</summary>
    private static bool IsBegun(Place place)
    {
        if (!place.In(StudyFiles.NameOf(StudyPart.Claims)).IsFolder)
        {
            return false;
        }

        using var folder = place.Open();
        return folder.Names().All(name => AsideName.Is(name) || FolderHold.Names.Contains(name) || _names.Contains(name));
    }

    /// <summary>Writes the plan, or makes sure that the same is there.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="data">The data.</param>
    /// <param name="keeping">How runs are kept.</param>
    /// <param name="stale">Seconds without a sign of life after which a run is taken over.</param>
    /// <param name="clock">For dates.</param>
    /// <exception cref="FolderException">Another study is there, or another process writes one.</exception>
    /// <exception cref="RecordingException">It cannot be written.</exception>
    public void Begin(StudyPlan plan, DataRecord data, ExperimentKeeping keeping, double stale, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(keeping);
        if (IsAt(Place))
        {
            RequireSame(plan);
            return;
        }

        // Only planning needs a lock. Workers need none, for some network drives have none.
        using var hold = new FolderHold(Place, clock);
        if (IsAt(Place))
        {
            RequireSame(plan);
            return;
        }

        foreach (var part in Enum.GetValues<StudyPart>())
        {
            ExperimentFolder.MakeFolder(Place.In(StudyFiles.NameOf(part)));
        }

        RequireExclusive();
        Write(ExperimentFolder.EnvironmentName, Json(ThisMachine.Describe(clock)));
        Write(ExperimentFolder.DataName, Json(data));
        Write(ExperimentFolder.ResumeName, Json(new ResumeRecord
        {
            CheckpointEvery = keeping.CheckpointEvery,
            DataFolder = keeping.DataFolder,
        }));
        Write(ExperimentFolder.SpecName, SpecWriter.Write(plan.Spec));
        Write(PlanName, string.Concat(plan.Planned.Select(run => JsonSerializer.Serialize(run, ExperimentJson.Line) + "\n")));
        Write(HeaderName, Json(new StudyHeader
        {
            Planned = plan.Planned.Count,
            Runs = plan.Names.Count,
            Cells = plan.Planned.DistinctBy(run => run.Cell).Count(),
            Data = plan.DataHash,
            StaleSeconds = stale,
            Version = ThisMachine.Version,
        }));
    }

    /// <summary>What the study is.</summary>
    /// <exception cref="FolderException">It cannot be read.</exception>
    public StudyHeader ReadHeader()
    {
        var header = RecordFile.Read<StudyHeader>(Place.In(HeaderName), Makers);
        return header is { StaleSeconds: > 0 and <= MostStaleSeconds, Data: not null } ? header
            : throw new FolderException(
                $"{Place.In(HeaderName)}: is damaged; staleSeconds must be > 0 and ≤ {MostStaleSeconds}, and data a text");
    }

    /// <summary>How runs are kept.</summary>
    /// <exception cref="FolderException">The file that says it cannot be read.</exception>
    public ResumeRecord ReadResume() => RecordFile.ReadOrNull<ResumeRecord>(Place.In(ExperimentFolder.ResumeName)) ?? new();

    /// <summary>The kind of arithmetic that it was planned for.</summary>
    /// <exception cref="FolderException">The file that says it cannot be read.</exception>
    public Arithmetic ReadArithmetic()
        => RecordFile.ReadOrNull<EnvironmentRecord>(Place.In(ExperimentFolder.EnvironmentName))?.Arithmetic ?? Arithmetic.Fused;

    /// <summary>Path of the spec.</summary>
    public string SpecPath => Path.Combine(FullPath, ExperimentFolder.SpecName);

    /// <summary>Opens the spec.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public Stream OpenSpec() => Place.In(ExperimentFolder.SpecName).Read();

    /// <summary>The plan, for data that were loaded.</summary>
    /// <param name="spec">The spec that <see cref="OpenSpec"/> opens.</param>
    /// <param name="loaded">The data.</param>
    /// <param name="components">What the spec can name.</param>
    /// <exception cref="FolderException">
    /// The data or the arithmetic are others than those of the plan, or the plan cannot be read.
    /// </exception>
    public StudyPlan ReadPlan(ExperimentSpec spec, LoadedData loaded, Components components)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        ArithmeticOfProcess.Require(FullPath, ReadArithmetic());
        var (wanted, now) = (ReadHeader().Data, DataChecksum.Sha256Of(loaded.Split));
        return wanted != now
            ? throw new FolderException(
                $"{FullPath}: was planned for other data (SHA-256 {Display.Message(wanted)}, now {now}); restore the data, or plan a new study")
            : StudyPlan.Read(spec, loaded.Record, now, ReadPlanned(), components);
    }

    /// <summary>The study as far as it has come.</summary>
    /// <param name="spec">Its spec.</param>
    /// <param name="withRecords">Whether to read what came out of each run.</param>
    /// <exception cref="FolderException">It cannot be read.</exception>
    public StudyRecord Read(ExperimentSpec spec, bool withRecords)
    {
        using var files = new StudyFiles(Place);
        var claims = files.Names(StudyPart.Claims).Select(ClaimName.Read).OfType<ClaimName>().ToLookup(claim => claim.Run);
        var published = files.Names(StudyPart.Runs).ToHashSet();
        var planned = ReadPlanned();
        var known = planned.DistinctBy(run => run.Name).AsParallel().Select(Found).ToDictionary(run => run.Plan.Name);
        return new StudyRecord
        {
            Header = ReadHeader(),
            Spec = spec,
            Data = RecordFile.Read<DataRecord>(Place.In(ExperimentFolder.DataName), Makers),
            Runs = [.. planned.Select(run => known[run.Name] with { Plan = run })],
        };

        StudyRun Found(PlannedRun run)
        {
            if (published.Contains(run.Name))
            {
                var place = RunPlace(run.Name);
                var record = withRecords ? new RunFolder(place).Finished(run.Name) : null;
                return withRecords && record is null
                    ? new()
                    {
                        Plan = run,
                        State = StudyRunState.Failed,
                        Note = $"{place} is damaged, or another run; delete it and the claims {run.Name}.*, and it is done again",
                    }
                    : new()
                    {
                        Plan = run,
                        State = StudyRunState.Finished,
                        Record = record,
                        ReusedFrom = withRecords ? RecordFile.TryRead<ReusedRun>(place.In(ReusedName))?.From : null,
                    };
            }

            var last = claims[run.Name].OrderBy(claim => claim.Number).ThenBy(claim => claim.End == ClaimEnd.Released).LastOrDefault();
            return last.Number == 0 || last.End == ClaimEnd.Released ? new() { Plan = run, State = StudyRunState.Waiting }
                : claims[run.Name].Any(claim => claim.Number == last.Number && claim.End == ClaimEnd.Failed)
                    ? new() { Plan = run, State = StudyRunState.Failed, Note = Line(last with { End = ClaimEnd.Failed }) }
                : new()
                {
                    Plan = run,
                    State = StudyRunState.Claimed,
                    Note = Lease.Read(Content(last)) is { } lease ? $"process {lease.Process} on {lease.Machine}" : "nobody knows by whom",
                };
        }

        string Line(ClaimName claim) => Display.Message(Encoding.UTF8.GetString(Content(claim) ?? []).Trim());

        byte[]? Content(ClaimName claim)
        {
            try
            {
                return files.Read(StudyPart.Claims, claim.ToString());
            }
            catch (Exception trouble) when (RecordingException.IsCause(trouble))
            {
                return null;
            }
        }
    }

    /// <summary>Makes sure, before a worker waits for others, that it can work itself.</summary>
    /// <exception cref="FolderException">Nothing can be written there.</exception>
    internal void RequireWritable()
    {
        try
        {
            using var attempts = Place.In(StudyFiles.NameOf(StudyPart.Attempts)).Open();
            var name = AsideName.New(Trial);
            attempts.New(name).Dispose();
            attempts.Delete(name);
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            throw new FolderException($"{FullPath}: cannot write there ({trouble.Message.TrimEnd('.')})", trouble);
        }
    }

    /// <summary>Counts the runs that are published, each once.</summary>
    /// <param name="plan">The plan.</param>
    public int CountFinished(StudyPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var runs = Place.In(StudyFiles.NameOf(StudyPart.Runs)).Open();
        var published = runs.Names().ToHashSet();
        return plan.Names.Count(published.Contains);
    }

    /// <summary>Lets runs that failed be tried again.</summary>
    /// <returns>How many.</returns>
    public int RetryFailed()
    {
        using var files = new StudyFiles(Place);
        var published = files.Names(StudyPart.Runs).ToHashSet();
        return files.Names(StudyPart.Claims).Select(ClaimName.Read).OfType<ClaimName>().GroupBy(claim => claim.Run)
            .Where(run => !published.Contains(run.Key))
            .Select(run => run.GroupBy(claim => claim.Number).MaxBy(claims => claims.Key)!.ToList())
            .Where(claims => claims.Exists(claim => claim.End == ClaimEnd.Failed)
                && !claims.Exists(claim => claim.End == ClaimEnd.Released))
            .Count(claims => files.Create(StudyPart.Claims, (claims[0] with { End = ClaimEnd.Released }).ToString(), []));
    }

    internal Place RunPlace(string name) => Place.In(StudyFiles.NameOf(StudyPart.Runs)).In(name);

    private List<PlannedRun> ReadPlanned()
    {
        var file = Place.In(PlanName);
        try
        {
            using var folder = Place.Open();
            using var reader = new StreamReader(folder.Read(PlanName, MostPlanBytes));
            List<PlannedRun> planned = [];
            while (reader.ReadLine() is { } line)
            {
                var run = JsonSerializer.Deserialize<PlannedRun>(line, ExperimentJson.Line);
                planned.Add(run is { Name.Length: RunIdentity.Digits, Rule: not null, Settings: not null }
                    && run.Name.All(char.IsAsciiHexDigitLower) ? run : throw new JsonException("not a run"));
            }

            return planned.Count > 0 ? planned : throw new JsonException("no runs");
        }
        catch (JsonException trouble)
        {
            throw new FolderException($"{file}: is damaged; plan a new study from {ExperimentFolder.SpecName}", trouble);
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            throw new FolderException($"{file}: cannot be read ({Display.Message(trouble.Message.TrimEnd('.'))})", trouble);
        }
    }

    private void RequireSame(StudyPlan plan)
    {
        ArithmeticOfProcess.Require(FullPath, ReadArithmetic());
        if (!ReadPlanned().Select(run => run.Name).SequenceEqual(plan.Planned.Select(run => run.Name)))
        {
            throw new FolderException(
                $"{FullPath}: another study is there; choose a new folder beside it with --out, and finished runs that both want are copied");
        }
    }

    /// <summary>What workers rely on is tried before anything is planned: a file is made once, and a folder replaces no other.</summary>
    private void RequireExclusive()
    {
        using (var files = new StudyFiles(Place))
        {
            ForgetTrials();
            var isExclusive = files.Create(StudyPart.Attempts, $"{Trial}0", []) && !files.Create(StudyPart.Attempts, $"{Trial}0", []);
            foreach (var attempt in (string[])[$"{Trial}1", $"{Trial}2"])
            {
                files.MakeAttempt(attempt).In("content").Write(_ => { });
            }

            isExclusive &= files.Publish($"{Trial}1", Trial) && !files.Publish($"{Trial}2", Trial);
            if (!isExclusive)
            {
                throw new FolderException(
                    $"{FullPath}: this file system makes a file twice, or replaces a folder, so that workers cannot share it; choose another "
                    + "with --out");
            }
        }

        ForgetTrials();

        void ForgetTrials()
        {
            foreach (var part in (StudyPart[])[StudyPart.Attempts, StudyPart.Runs])
            {
                using var folder = Place.In(StudyFiles.NameOf(part)).Open();
                foreach (var name in folder.Names().Where(name => name.StartsWith(Trial, StringComparison.Ordinal)))
                {
                    if (folder.KindOf(name) == EntryKind.Folder)
                    {
                        folder.DeleteFolder(name);
                    }
                    else
                    {
                        folder.Delete(name);
                    }
                }
            }
        }
    }

    private void Write(string name, string text)
        => Place.In(name).Write(file => file.Write(Encoding.UTF8.GetBytes(text.EndsWith('\n') ? text : text + "\n")));

    private static string Json<T>(T record) => JsonSerializer.Serialize(record, ExperimentJson.Indented);
}

/// <summary>Where a run comes from that was not trained in its study, in its <c>reused.json</c>.</summary>
/// <param name="From">The name of the other study's folder.</param>
internal sealed record ReusedRun(string From);
