namespace FeedbackAlignment.Fuzzing.Folders;

/// <summary>A kind of folder that people send each other, and the commands for it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Folder">A right one.</param>
/// <param name="Commands">
/// Command lines. <c>{F}</c> stands for the damaged folder, <c>{R}</c> for the folder of a run in it, <c>{O}</c> for a folder for outputs,
/// <c>{S}</c> for a folder with right folders and data.
/// </param>
internal sealed record FolderKind(string Id, Pristine Folder, IReadOnlyList<string> Commands);
