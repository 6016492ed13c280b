namespace FeedbackAlignment.Experiments.Files;

/// <summary>What a name in a folder stands for.</summary>
internal enum EntryKind
{
    /// <summary>There is nothing of that name.</summary>
    None,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link, to whatever it is.</summary>
    Link,

    /// <summary>A named pipe.</summary>
    Pipe,

    /// <summary>A device that takes or gives one character after the other, such as a terminal.</summary>
    Device,

    /// <summary>A disk or a socket.</summary>
    Other,
}
