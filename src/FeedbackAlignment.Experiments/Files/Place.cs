using FeedbackAlignment.Experiments.Runs;

namespace FeedbackAlignment.Experiments.Files;

/// <summary>
/// A folder that the user has named, or something in it. On the way to the folder links are followed, for the user has named them; from
/// there on none is, for the folder may be somebody else's.
/// </summary>
internal sealed class Place
{
    private readonly string _root;
    private readonly string[] _names;

    private Place(string root, string[] names) => (_root, _names) = (root, names);

    /// <summary>Its path.</summary>
    public string FullPath => Path.Combine([_root, .. _names]);

    /// <summary>What the user has named.</summary>
    /// <param name="path">Its path.</param>
    public static Place Named(string path) => new(path, []);

    /// <summary>A run's folder: it is inside that of its experiment, whichever of the two the user has named.</summary>
    /// <param name="path">Its path.</param>
    public static Place OfRun(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!IsInExperiment(full) && InputFile.LinkTarget(full, last: true) is { } target)
        {
            // The user's own link to a run, from elsewhere.
            full = target;
        }

        return Path.GetDirectoryName(full) is { } runs && Path.GetDirectoryName(runs) is { } experiment
            ? new Place(experiment, [Path.GetFileName(runs), Path.GetFileName(full)]) : Named(path);
    }

    /// <summary>The folder of an experiment, of one of its runs, or any other that the user has named.</summary>
    /// <param name="path">Its path.</param>
    public static Place OfFolder(string path)
        => IsInExperiment(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) ? OfRun(path) : Named(path);

    /// <summary>Something in it.</summary>
    /// <param name="path">Names of the folders on the way, and its own, with <c>/</c> between them.</param>
    public Place In(string path) => new(_root, [.. _names, .. path.Split('/')]);

    /// <summary>Its own name.</summary>
    public string Name => _names.Length > 0 ? _names[^1] : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(_root)));

    /// <summary>The folder that it is in; null: it is what the user has named.</summary>
    public Place? Folder => _names.Length == 0 ? null : new Place(_root, _names[..^1]);

    /// <summary>Whether it is a regular file.</summary>
    public bool IsFile => Kind == EntryKind.File;

    /// <summary>Whether it is a folder.</summary>
    public bool IsFolder => Kind == EntryKind.Folder;

    /// <summary>Whether there is anything of its name.</summary>
    public bool IsThere => Kind != EntryKind.None;

    private EntryKind Kind
    {
        get
        {
            if (_names.Length == 0)
            {
                return InputFile.KindOf(_root);
            }

            try
            {
                using var folder = Folder!.Open();
                return folder.KindOf(_names[^1]);
            }
            catch (Exception trouble) when (RecordingException.IsCause(trouble))
            {
                return EntryKind.None;
            }
        }
    }

    /// <summary>Opens it as a folder.</summary>
    /// <exception cref="IOException">It is not there, is no folder, or there is a link on the way.</exception>
    public OpenFolder Open() => Walk(make: false);

    /// <summary>Makes it a folder, with the folders on the way, and opens it.</summary>
    public OpenFolder Make()
    {
        Directory.CreateDirectory(_root);
        return Walk(make: true);
    }

    /// <summary>Opens it as a file to read.</summary>
    /// <exception cref="IOException">It is not there, is no regular file, or there is a link on the way.</exception>
    public FileStream Read()
    {
        if (_names.Length == 0)
        {
            return InputFile.Open(_root);
        }

        using var folder = Folder!.Open();
        return folder.Read(_names[^1]);
    }

    /// <summary>Writes it as a file: it is there whole or not at all.</summary>
    /// <param name="write">Writes the content.</param>
    /// <param name="keep">A name for the old file, in the same folder; null: it is replaced.</param>
    /// <exception cref="RecordingException">It cannot be written; the old file is as it was.</exception>
    public void Write(Action<Stream> write, string? keep = null) => Change(folder => folder.Write(_names[^1], write, keep));

    /// <summary>Deletes it as a file, if it is there.</summary>
    /// <exception cref="RecordingException">It cannot be deleted.</exception>
    public void Delete() => Change(folder => folder.Delete(_names[^1]));

    /// <summary>Does something with the folder that it is in.</summary>
    /// <exception cref="RecordingException">The system does not allow it.</exception>
    public void Change(Action<OpenFolder> change)
    {
        try
        {
            using var folder = Folder!.Open();
            change(folder);
        }
        catch (Exception trouble) when (RecordingException.IsCause(trouble))
        {
            throw new RecordingException(FullPath, trouble);
        }
    }

    /// <summary>Deletes it, if it is a folder that the user has named and that has nothing in it.</summary>
    /// <exception cref="IOException">There is something in it.</exception>
    public void DeleteEmpty() => Directory.Delete(_root);

    /// <summary>The folders in it that are neither links nor hidden, in ordinal order of their names; none if it is no folder.</summary>
    public IReadOnlyList<Place> Folders() => Inner(folder => folder.FolderNames());

    /// <summary>The folders in it that are not hidden, in ordinal order of their names; none if it is no folder.</summary>
    /// <exception cref="FolderException">One of them is a link: it is not followed, and must not be passed over in silence.</exception>
    public IReadOnlyList<Place> AllFolders() => Links() is [var link, ..] ? throw link.IsLink() : Folders();

    /// <summary>The same place, if it is no link in a folder of somebody else's.</summary>
    /// <exception cref="FolderException">It is one.</exception>
    public Place OrRefused() => Kind == EntryKind.Link ? throw IsLink() : this;

    /// <summary>What to say of a link where none is followed.</summary>
    public FolderException IsLink()
        => new($"{FullPath}: is a symbolic link, which is not followed in a run folder; replace it by what it leads to, or delete it");

    /// <summary>The links in it, in ordinal order of their names; none if it is no folder.</summary>
    public IReadOnlyList<Place> Links() => Inner(folder => folder.LinkNames());

    public override string ToString() => FullPath;

    private IReadOnlyList<Place> Inner(Func<OpenFolder, IReadOnlyList<string>> names)
    {
        if (!IsFolder)
        {
            return [];
        }

        using var folder = Open();
        return [.. names(folder).Select(name => new Place(_root, [.. _names, name]))];
    }

    private OpenFolder Walk(bool make)
    {
        var folder = OpenFolder.Named(_root);
        foreach (var name in _names)
        {
            using var above = folder;
            folder = make ? above.MakeFolder(name) : above.Folder(name);
        }

        return folder;
    }

    private static bool IsInExperiment(string run)
        => Named(Path.GetFullPath(Path.Combine(run, "..", "..", ExperimentFolder.SpecName))).IsThere;
}
