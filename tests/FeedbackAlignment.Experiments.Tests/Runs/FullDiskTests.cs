using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>A run on a disk that is full from some moment on.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const string Whole = "whole";

    private readonly SmallDisk _disk = new();
    private readonly StoppedExperiment _experiment;

    public FullDiskTests() => _experiment = new(StoppedExperiment.Spec, _disk.Folder);

    public void Dispose() => _disk.Dispose();

    [Theory]
    [InlineData("checkpoint.state", 16L)]
    [InlineData("weights.npz", null)]
    public void AFileThatDoesNotFitIsNamedAndTheRunGoesOnFromWhatIsThere(string file, long? every)
    {
        _experiment.Run(folder: Whole);
        _experiment.Run(stopAfter: 30, every: 16);
        AssertFullAt(file, () => _experiment.Run(every: every, step: examples =>
        {
            if (examples > 40)
            {
                _disk.Fill();
            }
        }));
    }

    [Fact]
    public void ALineThatDoesNotFitLeavesNoPartAndTheNextOnesFollow()
    {
        using var file = new AppendedFile(Place.Named(_disk.Folder.Path).In("metrics.jsonl"), length: 0);
        file.Append("first\n");
        _disk.Fill();
        var trouble = Assert.Throws<RecordingException>(() => file.Append(new string('x', 10_000)));
        Assert.Equal(Path.Combine(_disk.Folder.Path, "metrics.jsonl"), trouble.File);
        Assert.Equal("first\n", File.ReadAllText(trouble.File));
        _disk.Free();
        file.Append("second\n");
        Assert.Equal("first\nsecond\n", File.ReadAllText(trouble.File));
    }

    private void AssertFullAt(string file, Action run)
    {
        var trouble = Assert.Throws<RecordingException>(run);
        Assert.Equal(_experiment.RunPath(file), trouble.File);
        Assert.StartsWith($"{_experiment.RunPath(file)}: cannot be written (No space left on device", trouble.Message, StringComparison.Ordinal);
        Assert.EndsWith("); what was written before is kept", trouble.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', trouble.Message);
        Assert.DoesNotContain(Directory.EnumerateFiles(_experiment.Folder, "*", SearchOption.AllDirectories), AsideName.Is);

        _disk.Free();
        _experiment.Run();
        _experiment.AssertSameAs(Whole);
    }

    [Fact]
    public void AWritingThatFailsLeavesTheOldFileAndNoPart()
    {
        var path = _disk.Folder.Write("file", [1, 2, 3]);
        Assert.Throws<RecordingException>(() => Place.Named(_disk.Folder.Path).In("file").Write(file =>
        {
            file.Write(new byte[10_000]);
            throw new IOException("No space left on device");
        }));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_disk.Folder.Path));
    }

    [Fact]
    public void AFolderThatIsDeletedUnderARunIsNamed()
    {
        var deleted = false;
        var trouble = Assert.Throws<RecordingException>(() => _experiment.Run(step: examples =>
        {
            if (examples > 20 && !deleted)
            {
                deleted = true;
                Directory.Delete(_experiment.Folder, recursive: true);
            }
        }));
        Assert.Equal($"{_experiment.RunPath("checkpoint.state")}: cannot be written (its folder is gone); what was written before is kept", trouble.Message);
    }

    [Fact]
    public void TheOtherRunsStopInGoodOrder()
    {
        var spec = StoppedExperiment.Spec with
        {
            Seeds = [1, 2],
            Training = StoppedExperiment.Spec.Training with { Threads = 1, Epochs = 200 }
        };
        var experiment = new StoppedExperiment(spec, _disk.Folder);
        experiment.Run(stopAfter: 1, every: null);
        Assert.Throws<RecordingException>(() => experiment.Run(step: _ => _disk.Fill()));

        // The other run was stopped, or had not begun: both can be gone on with.
        Assert.False(File.Exists(experiment.RunPath("lock.json")));
        Assert.DoesNotContain("finished feedback-alignment-2 Completed", experiment.Calls);
    }
}
