using System.CommandLine;
using System.Diagnostics;
using FeedbackAlignment.Soak;

// Many tiny runs in one process, every rule in turn: what the process holds must be flat from the first measurement to the last.
var runs = new Option<int>("--runs") { Description = "How many.", DefaultValueFactory = _ => 10_000 };
var after = new Option<int?>("--after") { Description = "The first measurement is after so many. [default: a tenth]" };
var claims = new Option<int?>("--claims")
{
    Description = "Instead: workers claim so many runs of a study without training them; that must grow as the number of runs does.",
};
var root = new RootCommand("Runs tiny experiments and demands that memory, handles and threads stay flat.") { runs, after, claims };
root.SetAction(parsed =>
{
    if (parsed.GetValue(claims) is { } claimed)
    {
        var folder = Directory.CreateTempSubdirectory("fa-soak-").FullName;
        try
        {
            return new StudyClaims(folder).Measure(claimed) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    var count = parsed.GetValue(runs);
    var first = parsed.GetValue(after) ?? count / 10;
    if (first < 1 || first >= count)
    {
        Console.Error.WriteLine($"--after: must be from 1 to {count - 1}, was {first}");
        return 2;
    }

    var place = Directory.CreateTempSubdirectory("fa-soak-").FullName;
    try
    {
        var tiny = new TinyRuns(place);
        Console.WriteLine($"{tiny.Rules.Count} rules in turn; left out: {(tiny.LeftOut.Count == 0 ? "none" : string.Join("; ", tiny.LeftOut.Select(rule => $"{rule.Rule} ({rule.Reason})")))}");
        var began = Stopwatch.GetTimestamp();
        Footprint? since = null;
        string[] grown = [];
        for (var done = 1; done <= count; done++)
        {
            tiny.Run(done - 1);
            if (done == first || (done > first && done % Math.Max(1, count / 10) == 0) || done == count)
            {
                var now = Footprint.Take();
                Console.WriteLine($"{done,6} runs: {now}; {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
                grown = [.. now.Grown(since ??= now)];
            }
        }

        Array.ForEach(grown, Console.WriteLine);
        Console.WriteLine(grown.Length == 0 ? "flat" : "not flat");
        return grown.Length == 0 ? 0 : 1;
    }
    finally
    {
        Directory.Delete(place, recursive: true);
    }
});
return root.Parse(args).Invoke();
