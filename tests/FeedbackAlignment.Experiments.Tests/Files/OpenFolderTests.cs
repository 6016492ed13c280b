using System.Diagnostics;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Tests.Data;

namespace FeedbackAlignment.Experiments.Tests.Files;

/// <summary>What a folder of somebody else's may hold, and what is done with it.</summary>
public sealed class OpenFolderTests : IDisposable
{
    private readonly TemporaryFolder _place = new();
    private readonly string _folder, _elsewhere;

    public OpenFolderTests()
    {
        _folder = Directory.CreateDirectory(Path.Combine(_place.Path, "theirs")).FullName;
        _elsewhere = _place.Write("elsewhere", "mine"u8.ToArray());
    }

    public void Dispose() => _place.Dispose();

    [Fact]
    public void WhatIsWrittenIsReadAndNothingIsLeftAside()
    {
        using var folder = OpenFolder.Named(_folder);
        folder.Write("a", file => file.Write("first"u8));
        folder.Write("a", file => file.Write("second"u8), keep: "before");
        Assert.Equal("second", Read(folder, "a"));
        Assert.Equal("first", Read(folder, "before"));
        Assert.Equal(["a", "before"], folder.Names());
    }

    [Fact]
    public void AFileIsWrittenAsideUnderANameThatCannotBeKnown()
    {
        List<string> names = [];
        using var folder = OpenFolder.Named(_folder);
        for (var i = 0; i < 2; i++)
        {
            folder.Write("a", _ => names.Add(Assert.Single(folder.Names(), AsideName.Is)));
        }

        Assert.NotEqual(names[0], names[1]);
        Assert.All(names, name => Assert.Matches(@"^\.a\.[0-9a-f]{24}\.new$", name));
    }

    /// <summary>Whoever writes a file aside holds it; what nobody holds was left by a process that was killed.</summary>
    [Fact]
    public void WhatAKilledProcessHasLeftAsideGoesWithTheNextWriting()
    {
        Assert.SkipUnless(LinuxFiles.AreThere, "elsewhere it goes when the folder is gone on with");
        using var folder = OpenFolder.Named(_folder);
        var (left, other) = (AsideName.New("a"), AsideName.New("b"));
        File.WriteAllText(Path.Combine(_folder, left), "a part");
        File.WriteAllText(Path.Combine(_folder, other), "a part of another");
        File.WriteAllText(Path.Combine(_folder, "a.new"), "the user's own");
        folder.Write("a", _ => folder.Write("a", inner => inner.Write("inner"u8)));
        Assert.Equal([other, "a", "a.new"], folder.Names());
        folder.DeleteAsides();
        Assert.Equal(["a", "a.new"], folder.Names());
    }

    /// <summary>Who may write to the folder may put a link in the place of any name in it.</summary>
    [Fact]
    public void ALinkIsReplacedAndNotWrittenThrough()
    {
        Link("a");
        using var folder = OpenFolder.Named(_folder);
        folder.Write("a", file => file.Write("theirs"u8));
        Assert.Equal(EntryKind.File, folder.KindOf("a"));
        Assert.Equal("theirs", Read(folder, "a"));
        AssertMineIsAsItWas();
    }

    [Fact]
    public void ALinkIsNeitherReadNorChangedNorLockedNorMadeThrough()
    {
        Link("a");
        Link("dangling", Path.Combine(_place.Path, "new"));
        using var folder = OpenFolder.Named(_folder);
        foreach (var act in (Action[])[() => folder.Read("a"), () => folder.Change("a"), () => folder.Lock("a"),
            () => folder.Lock("dangling"), () => folder.Read("dangling")])
        {
            Assert.EndsWith("is a symbolic link; links in such a folder are not followed", Assert.Throws<IOException>(act).Message,
                StringComparison.Ordinal);
        }

        Assert.ThrowsAny<IOException>(() => folder.New("dangling"));
        Assert.False(File.Exists(Path.Combine(_place.Path, "new")));
        AssertMineIsAsItWas();
    }

    [Fact]
    public void ALinkToAFolderIsNotGoneThrough()
    {
        var mine = Directory.CreateDirectory(Path.Combine(_place.Path, "mine")).FullName;
        Link("runs", mine);
        var place = Place.Named(_folder).In("runs/a");
        Assert.False(place.IsThere);
        Assert.Throws<RecordingException>(() => place.Write(file => file.Write("x"u8)));
        Assert.ThrowsAny<IOException>(() => Place.Named(_folder).In("runs").Make());
        Assert.Throws<FolderException>(() => Place.Named(_folder).AllFolders());
        using var folder = OpenFolder.Named(_folder);
        Assert.Empty(folder.FolderNames());
        Assert.Equal(["runs"], folder.LinkNames());
        Assert.Empty(Directory.EnumerateFileSystemEntries(mine));
    }

    /// <summary>The user's own links are what the user means.</summary>
    [Fact]
    public void ALinkThatTheUserHasNamedIsFollowed()
    {
        var scratch = Path.Combine(_place.Path, "scratch");
        File.CreateSymbolicLink(scratch, _folder);
        Place.Named(scratch).In("a").Write(file => file.Write("x"u8));
        Assert.Equal("x", File.ReadAllText(Path.Combine(_folder, "a")));
        File.CreateSymbolicLink(Path.Combine(_place.Path, "file"), _elsewhere);
        using var file = InputFile.Open(Path.Combine(_place.Path, "file"));
        Assert.Equal(4, file.Length);
    }

    /// <summary>Between the look at a name and its opening somebody may put something else in its place: the two are one step.</summary>
    [Fact]
    public void AFolderThatIsSwappedForALinkStaysTheOneThatWasOpened()
    {
        Assert.SkipUnless(LinuxFiles.AreThere, "elsewhere a name is looked at before it is opened");
        using var folder = OpenFolder.Named(_folder);
        Directory.Move(_folder, Path.Combine(_place.Path, "moved"));
        var mine = Directory.CreateDirectory(Path.Combine(_place.Path, "mine")).FullName;
        File.CreateSymbolicLink(_folder, mine);
        folder.Write("a", file => file.Write("x"u8));
        Assert.Empty(Directory.EnumerateFileSystemEntries(mine));
        Assert.Equal("x", File.ReadAllText(Path.Combine(_place.Path, "moved", "a")));
    }

    /// <summary>The same while somebody does it as fast as possible.</summary>
    [Fact]
    public async Task NobodyWinsARaceAgainstTheOpening()
    {
        Assert.SkipUnless(LinuxFiles.AreThere, "elsewhere a name is looked at before it is opened");
        using var folder = OpenFolder.Named(_folder);
        using var done = new CancellationTokenSource();
        var name = Path.Combine(_folder, "a");
        var attacker = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                File.CreateSymbolicLink(name, _elsewhere);
                File.Delete(name);
                File.WriteAllText(name, "theirs");
                File.Delete(name);
            }
        }, TestContext.Current.CancellationToken);
        var read = 0;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 3000 || (read == 0 && clock.Elapsed < TimeSpan.FromMinutes(1)); i++)
        {
            try
            {
                Assert.NotEqual("mine", Read(folder, "a"));
                read++;
                using var file = folder.Change("a");
                file.SetLength(0);
            }
            catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
            {
                // A link, or nothing, was there.
            }
        }

        await done.CancelAsync();
        await attacker;
        Assert.True(read > 0);
        AssertMineIsAsItWas();
    }

    /// <summary>A file that grows in its place would grow under its other name too.</summary>
    [Fact]
    public void AFileWithASecondNameIsNotChangedInItsPlace()
    {
        Assert.SkipUnless(LinuxFiles.AreThere, "elsewhere the number of names is not known");
        Run("ln", _elsewhere, Path.Combine(_folder, "a"));
        using var folder = OpenFolder.Named(_folder);
        Assert.Contains("(a hard link)", Assert.Throws<IOException>(() => folder.Change("a")).Message, StringComparison.Ordinal);
        Assert.Throws<RecordingException>(() => new AppendedFile(Place.Named(_folder).In("a"), length: 2));

        // From its beginning on it is a file of its own.
        using (var file = new AppendedFile(Place.Named(_folder).In("a"), length: 0))
        {
            file.Append("theirs");
        }

        AssertMineIsAsItWas();
    }

    [Fact]
    public void APipeIsRefusedBeforeItIsOpened()
    {
        Assert.SkipUnless(LinuxFiles.AreThere, "elsewhere a pipe is not known from a file");
        Run("mkfifo", Path.Combine(_folder, "a"));
        using var folder = OpenFolder.Named(_folder);
        Assert.Contains("is a named pipe, not a regular file", Assert.Throws<IOException>(() => folder.Read("a")).Message,
            StringComparison.Ordinal);
        Assert.Contains("is a named pipe, not a regular file",
            Assert.Throws<IOException>(() => InputFile.Open(Path.Combine(_folder, "a"))).Message, StringComparison.Ordinal);
        Assert.Contains("is a device", Assert.Throws<IOException>(() => InputFile.Open("/dev/zero")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../elsewhere")]
    [InlineData("a\0b")]
    public void ANameThatLeadsOutIsNone(string name)
    {
        using var folder = OpenFolder.Named(_folder);
        foreach (var act in (Action[])[() => folder.Read(name), () => folder.Write(name, _ => { }), () => folder.Delete(name),
            () => folder.KindOf(name), () => folder.Folder(name), () => folder.DeleteFolder(name)])
        {
            Assert.ThrowsAny<IOException>(act);
        }

        AssertMineIsAsItWas();
    }

    [Fact]
    public void APlaceDoesNotLeadOut()
    {
        Assert.False(Place.Named(_folder).In("../elsewhere").IsThere);
        Assert.Throws<RecordingException>(() => Place.Named(_folder).In("../elsewhere").Write(file => file.Write("x"u8)));
        AssertMineIsAsItWas();
    }

    [Fact]
    public void DeletingAFolderLeavesWhatItsLinksLeadTo()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "winners", "deep"));
        Link("winners/link");
        Link("winners/deep/up", _place.Path);
        using var folder = OpenFolder.Named(_folder);
        folder.DeleteFolder("winners");
        Assert.Empty(folder.Names());
        AssertMineIsAsItWas();
    }

    [Fact]
    public void AFileThatIsTooLongIsNotRead()
    {
        using var folder = OpenFolder.Named(_folder);
        folder.Write("a", file => file.Write(new byte[100]));
        folder.Read("a", most: 100).Dispose();
        Assert.EndsWith("has 100 bytes; such a file may have 99", Assert.Throws<IOException>(() => folder.Read("a", most: 99)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatOnlyItsOwnerReadsStaysSo()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("there are no such rights");
            return;
        }

        using var folder = OpenFolder.Named(_folder);
        folder.Write("a", file => file.Write("first"u8));
        File.SetUnixFileMode(Path.Combine(_folder, "a"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        folder.Write("a", file => file.Write("second"u8));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "a")));
    }

    [Fact]
    public void OnlyOneHasALock()
    {
        using var folder = OpenFolder.Named(_folder);
        using (var first = folder.Lock(".lock"))
        {
            Assert.NotNull(first);
            Assert.Null(folder.Lock(".lock"));
        }

        using var second = folder.Lock(".lock");
        Assert.NotNull(second);
    }

    [Fact]
    public void NamesOfAsidesAreTold()
    {
        Assert.True(AsideName.Is(AsideName.New("metrics.jsonl")));
        Assert.True(AsideName.Is(AsideName.New(new string('\u96ea', 300))));
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(AsideName.New(new string('\u96ea', 300))) < 255);
        Assert.All((string[])["metrics.jsonl", ".new", ".a.new", ".a.0123.new", "model.onnx.new", "a.0123456789abcdef01234567.new"],
            name => Assert.False(AsideName.Is(name)));
    }

    private void Link(string name, string? to = null) => File.CreateSymbolicLink(Path.Combine(_folder, name), to ?? _elsewhere);

    private void AssertMineIsAsItWas() => Assert.Equal("mine", File.ReadAllText(_elsewhere));

    private static string Read(OpenFolder folder, string name)
    {
        using var text = new StreamReader(folder.Read(name));
        return text.ReadToEnd();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
