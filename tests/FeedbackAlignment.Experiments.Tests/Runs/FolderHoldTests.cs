using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Tests.Data;

namespace FeedbackAlignment.Experiments.Tests.Runs;

public sealed class FolderHoldTests : IDisposable
{
    private readonly TemporaryFolder _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void TheSecondIsToldWhoHoldsAFolder()
    {
        using (new FolderHold(Place.Named(_place.Path), TimeProvider.System))
        {
            var message = Assert.Throws<FolderException>(() => new FolderHold(Place.Named(_place.Path), TimeProvider.System)).Message;
            Assert.Matches(
                $"^{_place.Path}: process {Environment.ProcessId} on {Environment.MachineName} has been writing there since 20[0-9: -]+ "
                + "UTC; wait until it ends, or stop it$", message);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Path));
        new FolderHold(Place.Named(_place.Path), TimeProvider.System).Dispose();
    }

    /// <summary>The files of a process that was killed are still there; the system has let go of its lock.</summary>
    [Theory]
    [InlineData("{\"process\":1,\"machine\":\"here\",\"since\":\"2026-11-23T00:00:00Z\"}")]
    [InlineData("{ torn")]
    public void TheHoldOfADeadProcessIsTakenOver(string holder)
    {
        _place.Write(".lock", []);
        _place.Write("lock.json", System.Text.Encoding.UTF8.GetBytes(holder));
        using (new FolderHold(Place.Named(_place.Path), TimeProvider.System))
        {
            Assert.Contains($"process {Environment.ProcessId} on",
                Assert.Throws<FolderException>(() => new FolderHold(Place.Named(_place.Path), TimeProvider.System)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AHolderThatCannotBeReadIsAProcessAllTheSame()
    {
        using var hold = new FolderHold(Place.Named(_place.Path), TimeProvider.System);
        _place.Write("lock.json", [1, 2]);
        Assert.Equal($"{_place.Path}: another process is writing there; wait until it ends, or stop it",
            Assert.Throws<FolderException>(() => new FolderHold(Place.Named(_place.Path), TimeProvider.System)).Message);
    }

    [Fact]
    public void AFolderThatIsNotThereOrCannotBeWrittenIsNamed()
    {
        Assert.StartsWith($"{_place.Path}/none: cannot write there (",
            Assert.Throws<FolderException>(() => new FolderHold(Place.Named(_place.Path + "/none"), TimeProvider.System)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AnExperimentHoldsItsFolderAndTheSecondChangesNothing()
    {
        using var experiment = new StoppedExperiment(StoppedExperiment.Spec);
        var tried = false;
        experiment.Run(step: _ =>
        {
            if (!tried)
            {
                tried = true;
                Assert.Contains($"process {Environment.ProcessId} on", Assert.Throws<FolderException>(() => experiment.Run()).Message, StringComparison.Ordinal);
            }
        });
        Assert.True(tried);
        Assert.False(File.Exists(Path.Combine(experiment.Folder, ".lock")));
    }
}
